// What is wrong with how the page is laid out, as an array of sentences.
const problems = [];
const root = document.documentElement;
if (root.scrollWidth > root.clientWidth) {
  const beyond = [...document.querySelectorAll("body *")].filter(
    (element) => !element.closest(".scroll") && element.getBoundingClientRect().right > root.clientWidth + 0.5,
  );
  problems.push(`overflow: ${root.scrollWidth} > ${root.clientWidth}: ${beyond.slice(0, 3).map((e) => e.outerHTML.slice(0, 120))}`);
}

await document.fonts.ready;
for (const face of document.fonts) if (face.status === "error") problems.push(`font: ${face.family}`);
const pictures = [...document.images].map((image) => image.src);
for (const image of document.querySelectorAll("svg image")) pictures.push(image.getAttribute("href"));
for (const source of pictures) {
  const image = new Image();
  image.src = source;
  await image.decode().catch(() => problems.push(`broken image: ${source.slice(0, 80)}`));
}

const shrunk = (box, by) => ({ left: box.left + by, right: box.right - by, top: box.top + by, bottom: box.bottom - by });
for (const svg of document.querySelectorAll("svg")) {
  const name = svg.getAttribute("aria-label") ?? "";
  if (name === "") problems.push("an svg has no name");
  const frame = svg.getBoundingClientRect();
  const scale = frame.width / svg.viewBox.baseVal.width;
  const texts = [...svg.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
  for (const [text, box] of texts) {
    if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) {
      problems.push(`text outside its drawing: "${text}" in ${name}`);
    }
  }
  // The box of a text is as high as its line, so neighbours may touch a little.
  const boxes = texts.map(([text, box]) => [text, shrunk(box, 2 * scale)]);
  boxes.forEach(([text, box], index) => {
    for (const [other, taken] of boxes.slice(index + 1)) {
      if (box.left < taken.right && taken.left < box.right && box.top < taken.bottom && taken.top < box.bottom) {
        problems.push(`text over text: "${text}" and "${other}" in ${name}`);
      }
    }
  });
}

// Contrast of WCAG 2.1 between words and the nearest ground that is painted.
const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
const luminance = (colour) => {
  const [red, green, blue] = channels(colour).slice(0, 3).map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const ground = (element) => {
  for (let at = element; at; at = at.parentElement) {
    const colour = getComputedStyle(at).backgroundColor;
    const parts = channels(colour);
    if (parts.length < 4 || parts[3] > 0) return colour;
  }
  return "rgb(255, 255, 255)";
};
for (const element of document.querySelectorAll("h1, h2, h3, h4, p, a, code, th, td, span, caption, figcaption, button, svg text")) {
  const style = getComputedStyle(element);
  const [one, other] = [luminance(element.closest("svg") ? style.fill : style.color), luminance(ground(element))];
  const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
  if (contrast < 4.5) problems.push(`contrast ${contrast.toFixed(2)}: ${element.outerHTML.slice(0, 100)}`);
}
return problems;
