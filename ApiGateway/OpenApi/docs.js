"use strict";

const header = "Idempotency-Key";
const longestStream = 3_000;

const docs = SwaggerUIBundle({
  dom_id: "#docs", url: "/openapi/v1.json", validatorUrl: null, deepLinking: true, displayRequestDuration: true,
  presets: [SwaggerUIBundle.presets.apis], requestInterceptor: prepare,
});

// Every operation is shown with the key of the document's example. What is sent is a fresh one, unless another was typed.
function prepare(request) {
  if (request.loadSpec) return request;
  if (examples().has(request.headers?.[header])) request.headers[header] = freshKey();
  if (request.headers?.accept?.startsWith("text/event-stream")) request.userFetch = fetchBeginning;
  return request;
}

function examples() {
  const operations = Object.values(docs.specSelectors.specJson().toJS().paths ?? {}).flatMap(Object.values);
  return new Set(operations.flatMap(o => o.parameters ?? []).filter(p => p.name === header).map(p => p.example));
}

// A UUIDv7 (RFC 9562): the milliseconds, then chance. crypto.randomUUID makes no sortable ones, and none at all for http from afar.
function freshKey() {
  const hex = Date.now().toString(16).padStart(12, "0")
    + [...crypto.getRandomValues(new Uint8Array(10))].map(b => b.toString(16).padStart(2, "0")).join("");
  const variant = (0x8 | parseInt(hex[16], 16) & 0x3).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

// A live stream never ends by itself, and the page shows whole answers only: it gets what comes in the first moments.
async function fetchBeginning(url, request) {
  const answer = await fetch(url, request);
  if (!answer.headers.get("content-type")?.startsWith("text/event-stream")) return answer;
  const [reader, decoder] = [answer.body.getReader(), new TextDecoder()];
  const end = setTimeout(() => reader.cancel(), longestStream);
  let text = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) text += decoder.decode(part.value, { stream: true });
  clearTimeout(end);
  return new Response(text, { status: answer.status, headers: answer.headers });
}
