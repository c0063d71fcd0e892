"use strict";
// Everything that comes from the tree is set as text; nothing is ever parsed as markup.
(() => {
  const STEP = 40;
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const form = byId("filter"), list = byId("list"), more = byId("more"), count = byId("count"), query = byId("q");
  let found = [], shown = 0;

  const make = (tag, name, text) => {
    const node = document.createElement(tag);
    if (name) node.className = name;
    if (text !== undefined) node.textContent = text;
    return node;
  };

  const number = (value) => value.toLocaleString("en");
  const many = (value, word) => `${number(value)} ${word}${value === 1 ? "" : "s"}`;

  for (const file of data.files)
    for (const place of file.places)
      place.text = [file.path, place.word, place.kind, place.reason, place.code, place.origin, place.rule, place.hint]
        .join("\n").toLowerCase();

  const fill = (id, values, title) => {
    for (const value of [...values].sort()) {
      const option = make("option", "", title ? title(value) : value);
      option.value = value;
      byId(id).append(option);
    }
  };
  fill("rule", new Set(data.files.flatMap((file) => file.places.map((place) => place.rule))));
  fill("detector", new Set(data.files.flatMap((file) => file.places.flatMap((place) => place.detectors || []))));
  fill("folder", new Set(data.files.map((file) => file.folder)));

  const wanted = () => ({
    verdicts: new Set([...form.querySelectorAll("[name=verdict]:checked")].map((box) => box.value)),
    words: query.value.toLowerCase().split(/\s+/).filter(Boolean),
    phase: byId("phase").value,
    rule: byId("rule").value,
    detector: byId("detector").value,
    folder: byId("folder").value,
    risk: byId("risk-level") ? byId("risk-level").value : "",
  });

  const fits = (want, place) =>
    want.verdicts.has(place.verdict) &&
    (!want.phase || place.phase === want.phase) &&
    (!want.rule || place.rule === want.rule) &&
    (!want.detector || (place.detectors || []).includes(want.detector)) &&
    want.words.every((word) => place.text.includes(word));

  const bears = (want, file) =>
    !want.risk || (want.phase ? [file.risks[want.phase]] : Object.values(file.risks)).includes(want.risk);

  const apply = () => {
    const want = wanted();
    found = [];
    let places = 0;
    for (const file of data.files) {
      if ((want.folder && file.folder !== want.folder) || !bears(want, file)) continue;
      const fitting = file.places.filter((place) => fits(want, place));
      if (fitting.length) found.push([file, fitting]);
      places += fitting.length;
    }
    count.textContent = `${many(places, "place")} in ${many(found.length, "file")}`;
    list.replaceChildren();
    shown = 0;
    show(STEP);
  };

  const show = (files) => {
    list.append(...found.slice(shown, shown + files).map(([file, places]) => fileNode(file, places)));
    shown = Math.min(shown + files, found.length);
    more.hidden = shown === found.length;
    more.textContent = `Show more files (${number(found.length - shown)})`;
  };

  const fileNode = (file, places) => {
    const node = make("article", "file");
    const head = make("h3", "", file.path);
    if (places.length < file.places.length)
      head.append(make("small", "", `${places.length} of ${file.places.length} places`));
    node.append(head);
    for (const fact of file.facts) node.append(make("p", "facts", `Risk in ${fact}`));
    node.append(...places.map((place) => placeNode(file, place)));
    return node;
  };

  const placeNode = (file, place) => {
    const node = make("details", "place");
    const head = make("summary");
    head.append(
      make("span", "at", String(place.line)),
      make("span", `tag t-${place.verdict}`, place.verdict),
      make("span", "word", `${place.kind} ${place.word}`),
      make("span", "why", place.reason));
    node.append(head);
    node.addEventListener("toggle", () => {
      if (node.open && node.childElementCount === 1) node.append(body(file, place));
    });
    return node;
  };

  const body = (file, place) => {
    const node = make("div", "body"), facts = make("dl");
    const rows = [
      ["place", `${file.path}:${place.line}:${place.column}`],
      ["do", place.hint, "do"],
      ["denotes", place.origin],
      ["through", (place.chain || []).join(" → ")],
      ["rule", `${place.rule}: ${data.rules[place.rule]}`],
      ["found by", (place.detectors || []).join(", ")],
      ["phase", place.phase],
      ["note", (place.notes || []).join("; ")],
    ];
    for (const [name, text, kind] of rows)
      if (text) facts.append(make("dt", "", name), make("dd", kind || "", text));
    node.append(facts, place.hunk >= 0 ? diff(file.hunks[place.hunk]) : line(place));
    return node;
  };

  const KINDS = { "+": "add", "-": "cut", "@": "head", "\\": "head" };
  const diff = (lines) => {
    const node = make("div", "diff");
    node.tabIndex = 0;
    node.append(...lines.map((text) => make("div", KINDS[text[0]] || "", text)));
    return node;
  };

  const line = (place) => {
    const node = make("div", "diff"), row = make("div"), code = place.code || "", at = code.indexOf(place.word);
    if (at < 0) row.textContent = code;
    else row.append(code.slice(0, at), make("mark", "", place.word), code.slice(at + place.word.length));
    node.tabIndex = 0;
    node.append(row);
    return node;
  };

  const only = (id, value) => {
    if (byId(id)) byId(id).value = value;
  };
  const jump = (phase, risk, folder, verdicts) => {
    form.reset();
    if (verdicts)
      for (const box of form.querySelectorAll("[name=verdict]")) box.checked = verdicts.includes(box.value);
    only("phase", phase);
    only("risk-level", risk);
    only("folder", folder);
    apply();
    byId("places").scrollIntoView();
    query.focus({ preventScroll: true });
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  more.addEventListener("click", () => show(STEP));
  for (const cell of document.querySelectorAll(".heat"))
    cell.addEventListener("click", () => jump(cell.dataset.phase, cell.dataset.risk, "", ["safe", "review"]));
  for (const folder of document.querySelectorAll(".folder"))
    folder.addEventListener("click", () => jump("", "", folder.dataset.folder));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
    event.preventDefault();
    query.focus();
  });
  window.addEventListener("beforeprint", () => show(found.length));

  const root = document.documentElement;
  const stored = (value) => {
    try {
      if (value) localStorage.setItem("recanon-theme", value);
      return localStorage.getItem("recanon-theme");
    } catch {
      return null; // a page from a file may have no storage
    }
  };
  const dark = () => (root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  if (stored()) root.dataset.theme = stored();
  byId("theme").addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    stored(root.dataset.theme);
  });

  apply();
  root.dataset.ready = "yes";
})();
