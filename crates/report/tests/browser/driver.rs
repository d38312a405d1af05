//! A headless Chromium, driven through its `chromedriver` by the `WebDriver` protocol of the W3C.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Value, json};

/// Switches for a browser without screen and without business of its own on the network.
const SWITCHES: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// A browser with one window; it ends with this value.
pub(crate) struct Browser {
    driver: Child,
    agent: ureq::Agent,
    session: String,
    /// The profile: new for every browser.
    _profile: tempfile::TempDir,
}

impl Browser {
    pub(crate) fn start() -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .spawn()
            .expect("chromedriver starts: apt-get install chromium-driver");
        let output = BufReader::new(driver.stdout.take().expect("the output is a pipe"));
        let port = output
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                Some(line.split_once("successfully on port ")?.1.trim_end_matches('.').to_owned())
            })
            .expect("chromedriver names its port");
        let profile = tempfile::tempdir().unwrap();
        let mut switches: Vec<String> = SWITCHES.iter().map(|switch| (*switch).to_owned()).collect();
        switches.push(format!("--user-data-dir={}", profile.path().display()));
        let mut options = json!({ "args": switches });
        if let Some(program) = chromium() {
            options["binary"] = json!(program);
        }
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        } } });
        let config = ureq::Agent::config_builder().http_status_as_error(false).build();
        let mut browser = Self {
            driver,
            agent: config.into(),
            session: format!("http://127.0.0.1:{port}/session"),
            _profile: profile,
        };
        let session = browser.post("", &wanted);
        let id = session["sessionId"].as_str().expect("a session has an identifier").to_owned();
        browser.session += &format!("/{id}");
        browser
    }

    /// Sends a command; its value.
    fn post(&self, command: &str, body: &Value) -> Value {
        let mut answer = self.agent.post(format!("{}{command}", self.session)).send_json(body).unwrap();
        let status = answer.status();
        let value = answer.body_mut().read_json::<Value>().unwrap()["value"].take();
        assert!(status.is_success(), "{command} {body}: {value}");
        value
    }

    fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// A window of this width, on a system that prefers this colour scheme.
    pub(crate) fn look(&self, width: u32, scheme: &str) {
        let metrics = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", &metrics);
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        self.devtools("Emulation.setEmulatedMedia", &features);
    }

    /// Opens a file; what was wrong while it loaded: console messages, exceptions, requests.
    pub(crate) fn open(&self, page: &Path) -> Vec<String> {
        for log in ["browser", "performance"] {
            self.post("/se/log", &json!({ "type": log }));
        }
        let url = format!("file://{}", page.canonicalize().unwrap().display());
        self.post("/url", &json!({ "url": url }));
        self.problems(&url)
    }

    /// What the logs tell since they were last read.
    pub(crate) fn problems(&self, url: &str) -> Vec<String> {
        let mut problems = Vec::new();
        for entry in self.post("/se/log", &json!({ "type": "browser" })).as_array().into_iter().flatten() {
            problems.push(format!("console: {}", entry["message"]));
        }
        for entry in self.post("/se/log", &json!({ "type": "performance" })).as_array().into_iter().flatten()
        {
            let event: Value = serde_json::from_str(entry["message"].as_str().unwrap()).unwrap();
            let (event, parameters) = (&event["message"]["method"], &event["message"]["params"]);
            match event.as_str().unwrap_or_default() {
                "Network.requestWillBeSent" => {
                    let asked = parameters["request"]["url"].as_str().unwrap_or_default();
                    if asked != url && !asked.starts_with("data:") {
                        problems.push(format!("request: {asked}"));
                    }
                }
                "Network.loadingFailed" => problems.push(format!("failed: {}", parameters["errorText"])),
                _ => {}
            }
        }
        problems
    }

    /// Runs a script's function body, which may `await`; its result.
    pub(crate) fn run(&self, script: &str) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1];\
             (async () => {{ {script} }})().then(done, (error) => done('exception: ' + error));"
        );
        self.post("/execute/async", &json!({ "script": script, "args": [] }))
    }

    /// Clicks the first element that a selector finds, as a user would.
    pub(crate) fn click(&self, selector: &str) {
        let element = self.element(selector);
        self.post(&format!("/element/{element}/click"), &json!({}));
    }

    /// Types into it.
    pub(crate) fn press(&self, selector: &str, keys: &str) {
        let element = self.element(selector);
        self.post(&format!("/element/{element}/value"), &json!({ "text": keys }));
    }

    fn element(&self, selector: &str) -> String {
        let found = self.post("/element", &json!({ "using": "css selector", "value": selector }));
        let id = found.as_object().and_then(|names| names.values().next()).and_then(Value::as_str);
        id.expect("the selector finds an element").to_owned()
    }

    /// A picture of the whole page.
    pub(crate) fn screenshot(&self, file: &Path) {
        let picture = self
            .devtools("Page.captureScreenshot", &json!({ "format": "png", "captureBeyondViewport": true }));
        let bytes = BASE64_STANDARD.decode(picture["data"].as_str().unwrap()).unwrap();
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Ending the session ends the browser; then the driver, which we started.
        let _ = self.agent.delete(&self.session).call();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// The browser's program under the names that systems give it.
fn chromium() -> Option<PathBuf> {
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    ["chromium", "chromium-browser", "google-chrome"]
        .iter()
        .find_map(|name| folders.iter().map(|folder| folder.join(name)).find(|file| file.is_file()))
}
