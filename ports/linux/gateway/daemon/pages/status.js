// Shows /v1/status and /v1/devices. Whatever comes from the gateway is put in as text, never as
// markup: names of devices are chosen by strangers.
"use strict";

const refreshMs = 5000;
let next = "";

const byId = (id) => document.getElementById(id);

async function fetched(path) {
  const response = await fetch(path, { cache: "no-store" });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

function element(name, text, className) {
  const out = document.createElement(name);
  if (text !== undefined) out.textContent = text;
  if (className) out.className = className;
  return out;
}

function link(text, href) {
  const out = element("a", text);
  out.href = href;
  return out;
}

function duration(seconds) {
  if (seconds === undefined) return "";
  if (seconds < 0) return "in the future";
  for (const [unit, size] of [["d", 86400], ["h", 3600], ["min", 60]])
    if (seconds >= 2 * size) return `${Math.floor(seconds / size)} ${unit}`;
  return `${seconds} s`;
}

function showState(text, good) {
  const state = byId("state");
  state.textContent = text;
  state.className = good ? "good" : "bad";
}

function showLog(status) {
  const head = status.log.head;
  const rows = [
    ["Size", head ? String(head.size) : "nothing signed yet"],
    ["Root", head ? head.root : ""],
    ["Waiting", String(status.log.waiting)],
    ["Log key", status.log.vkey],
    ["Witness key", status.witness.vkey],
    ["Records", String(status.records)],
  ];
  const list = byId("log");
  list.replaceChildren();
  for (const [name, value] of rows) list.append(element("dt", name), element("dd", value));
  const files = element("dd");
  files.append(link("checkpoint", "/log/checkpoint"), " ", link("openapi.json", "/v1/openapi.json"));
  list.append(element("dt", "Files"), files);
}

function showAlarms(forks, status) {
  const list = byId("alarm-list");
  list.replaceChildren();
  for (const origin of forks) {
    const line = element("li", `${origin} signed two histories: `);
    line.append(link("proof", `/v1/fork?origin=${encodeURIComponent(origin)}`));
    list.append(line);
  }
  if (status.sequencer !== "ok")
    list.append(element("li", `The gateway's log does not move on: ${status.sequencer}`));
  byId("alarms").hidden = list.childElementCount === 0;
}

// Differences between samples as values a minute.
function rates(history, column) {
  const out = [];
  for (let i = 1; i < history.length; ++i) {
    const seconds = history[i][0] - history[i - 1][0];
    if (seconds > 0) out.push((history[i][column] - history[i - 1][column]) * 60 / seconds);
  }
  return out;
}

function svg(name, attributes, text) {
  const out = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) out.setAttribute(key, value);
  if (text !== undefined) out.textContent = text;
  return out;
}

function plot(id, values) {
  const area = byId(id);
  area.replaceChildren();
  const width = 300, height = 96, top = 16;
  const most = Math.max(1, ...values);
  const label = values.length ? `at most ${Math.round(Math.max(...values))}` : "no samples yet";
  area.append(svg("text", { x: 2, y: 12 }, label));
  if (values.length < 2) return;
  const points = values.map((value, i) => {
    const x = i * width / (values.length - 1);
    return `${x.toFixed(1)},${(height - (height - top) * value / most).toFixed(1)}`;
  });
  const line = svg("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none" });
  line.append(svg("path", { d: `M${points.join("L")}` }));
  area.append(line);
}

function deviceRow(device) {
  const row = element("tr");
  const name = element("td");
  name.append(link(device.origin, `/v1/device?origin=${encodeURIComponent(device.origin)}`));
  const state = element("td", device.state,
                        device.state === "active" ? "good" : device.state === "frozen" ? "bad" : "");
  row.append(name, state, element("td", device.head ? String(device.head.size) : ""),
             element("td", duration(device.lag_seconds)), element("td", device.owner));
  return row;
}

async function showDevices(after) {
  const page = await fetched(`/v1/devices?limit=100&after=${encodeURIComponent(after)}`);
  const body = byId("devices");
  if (after === "") body.replaceChildren();
  for (const device of page.devices) body.append(deviceRow(device));
  next = page.next || "";
  byId("more").hidden = next === "";
  return page.devices;
}

async function refresh() {
  try {
    const status = await fetched("/v1/status");
    byId("name").textContent = status.log.origin;
    showState(status.ready ? "ready" : "not ready", status.ready);
    showLog(status);
    plot("plot-cosigned", rates(status.history, 1));
    plot("plot-records", rates(status.history, 2));
    plot("plot-waiting", status.history.map((sample) => sample[4]));
    // Whoever has asked for more devices is reading them.
    if (byId("devices").childElementCount <= 100) await showDevices("");
    showAlarms((await fetched("/v1/forks")).forks, status);
  } catch (error) {
    showState(`no answer: ${error.message}`, false);
  }
}

byId("more").addEventListener("click", () => showDevices(next));
refresh();
setInterval(refresh, refreshMs);
