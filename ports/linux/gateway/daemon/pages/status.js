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

function showAlarms(page, status) {
  const list = byId("alarm-list");
  list.replaceChildren();
  for (const origin of page.forks) {
    const line = element("li", `${origin} signed two histories: `);
    line.append(link("proof", `/v1/fork?origin=${encodeURIComponent(origin)}`));
    list.append(line);
  }
  if (page.next !== undefined) {
    const line = element("li", "Behind these there may be more: ");
    line.append(link("list", `/v1/forks?after=${encodeURIComponent(page.next)}`));
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

const shortened = (value) => value >= 10 ? String(Math.round(value)) : String(+value.toFixed(1));

function svg(name, attributes, text) {
  const out = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) out.setAttribute(key, value);
  if (text !== undefined) out.textContent = text;
  return out;
}

function plot(area, values, unit = "") {
  area.replaceChildren();
  const width = 300, height = 96, top = 16;
  const most = Math.max(unit ? 0.1 : 1, ...values);
  const label = values.length ? `at most ${shortened(Math.max(...values))}${unit}` : "no samples yet";
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

const leaves = (count) => count === 0 ? "none" : `${count} leaves`;
const moment = (seconds) =>
  seconds ? new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ") + "Z" : "";

function condition(one) {
  if (one.capped) return element("td", "cost cap reached", "bad");
  if (one.failures > 0) return element("td", `failed ${one.failures}: ${one.error}`, "bad");
  if (one.pending_size > 0) return element("td", `waits for size ${one.pending_size}`);
  return element("td", one.size > 0 ? "in order" : "nothing yet", one.size > 0 ? "good" : "");
}

function anchorRow(anchor) {
  const row = element("tr");
  const size = element("td");
  if (anchor.size > 0) {
    const query = `anchor=${encodeURIComponent(anchor.name)}&size=${anchor.size}`;
    size.append(link(String(anchor.size), `/v1/receipts?size=${anchor.size}`), " ",
                link("receipt", `/v1/receipt?${query}`));
  }
  const cap = anchor.cost_max === undefined ? "" : ` of ${anchor.cost_max}`;
  row.append(element("td", `${anchor.name} (${anchor.type}, ${anchor.site})`), condition(anchor),
             size, element("td", leaves(anchor.lag_leaves)),
             element("td", anchor.not_after ? `not after ${moment(anchor.not_after)}` : ""),
             element("td", `${anchor.spent}${cap} ${anchor.unit}`));
  return row;
}

function latencyFigure(anchor) {
  const figure = element("figure");
  const area = svg("svg", {});
  figure.append(element("figcaption", `${anchor.name}: seconds to a receipt`), area);
  plot(area, anchor.latencies.map((latency) => latency[1]), " s");
  return figure;
}

function showAnchors(anchors) {
  byId("anchors").replaceChildren(...anchors.map(anchorRow));
  byId("latencies").replaceChildren(...anchors.map(latencyFigure));
  byId("anchoring").hidden = anchors.length === 0;
}

function witnessRow(peer) {
  const row = element("tr");
  const size = element("td");
  if (peer.size > 0) size.append(link(String(peer.size), `/v1/cosigned?size=${peer.size}`));
  row.append(element("td", `${peer.name} (${peer.site})`), condition(peer), size,
             element("td", leaves(peer.lag_leaves)));
  return row;
}

function showWitnesses(witnesses) {
  byId("witnessing").hidden = witnesses === null;
  if (witnesses !== null) byId("witnesses").replaceChildren(...witnesses.peers.map(witnessRow));
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
    plot(byId("plot-cosigned"), rates(status.history, 1));
    plot(byId("plot-records"), rates(status.history, 2));
    plot(byId("plot-waiting"), status.history.map((sample) => sample[4]));
    showAnchors(status.anchors);
    showWitnesses(status.witnesses);
    // Whoever has asked for more devices is reading them.
    if (byId("devices").childElementCount <= 100) await showDevices("");
    showAlarms(await fetched("/v1/forks?limit=100"), status);
  } catch (error) {
    showState(`no answer: ${error.message}`, false);
  }
}

byId("more").addEventListener("click", () => showDevices(next));
refresh();
setInterval(refresh, refreshMs);
