//! What is run is told through `tracing`: FFmpeg's argument vector, and how it ended.

mod stacks;

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use stack_core::PixelType;
use stack_video::Codec;
use stacks::{difficult, encode, ffmpeg, full, gray};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// Collects events as text.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<String>>>);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, "{field}={value:?} ").expect("writing to text");
    }
}

impl Subscriber for Collector {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("stack_video")
    }
    fn event(&self, event: &Event<'_>) {
        assert_eq!(*event.metadata().level(), Level::DEBUG);
        let mut line = Line(String::new());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[test]
fn arguments_and_exit_are_told() {
    if ffmpeg().is_none() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a name.mkv");
    let collector = Collector::default();
    tracing::subscriber::with_default(collector.clone(), || {
        encode(&path, &difficult(full(PixelType::U8), gray(4, 4)), Codec::Ffv1, &[]).unwrap();
    });
    let lines = collector.0.lock().unwrap();
    let [start, end] = lines.as_slice() else { panic!("{lines:?}") };
    assert!(start.contains("FFmpeg starts") && start.contains("\"-pix_fmt\", \"gray\""), "{start}");
    assert!(start.contains("a name.mkv\""), "{start}");
    assert!(end.contains("FFmpeg ended") && end.contains("exit status: 0"), "{end}");
}
