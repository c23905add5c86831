// Orders, ships and reads back, as `node dist/example.js ADDRESS [API-KEY]`.
import { randomUUID } from "node:crypto";
import { commerce, type Schemas } from "./client.js";

const [address = "http://127.0.0.1:8080", apiKey] = process.argv.slice(2);
const api = commerce(apiKey === undefined ? { address } : { address, apiKey });
const intent = () => ({ "Idempotency-Key": randomUUID() });
const waiting = () => ({ ...intent(), Prefer: "wait=30" });

function must<T>(answer: { data?: T; error?: Schemas["Problem"] | undefined }): T {
  if (answer.error !== undefined) throw new Error(`${answer.error.code}: ${answer.error.detail} ${answer.error.remedy}`);
  return answer.data as T;
}

const sku = `TS-${randomUUID().slice(0, 8)}`;
must(await api.POST("/products", {
  params: { header: intent() },
  body: { sku, name: "A thing", kind: "goods", prices: [{ currency: "GBP", unitPrice: 2.5 }] },
}));
must(await api.POST("/stock/{sku}/receipts", { params: { path: { sku }, header: intent() }, body: { quantity: 10 } }));
const placed: Schemas["OrderReceipt"] = must(await api.POST("/orders", {
  params: { header: waiting() },
  body: { currency: "GBP", guest: { name: "Ada" }, paymentMethod: "pm_sandbox_ok", lines: [{ sku, quantity: 3 }] },
}));
must(await api.POST("/orders/{id}/shipments", { params: { path: { id: placed.id }, header: waiting() }, body: {} }));
const order: Schemas["OrderView"] = must(await api.GET("/orders/{id}", { params: { path: { id: placed.id } } }));
const shipped: number = order.lines.reduce((sum, line) => sum + line.shipped, 0);
const refused = await api.POST("/orders", { params: { header: intent() }, body: { currency: "GBP", lines: [] } });
console.log(JSON.stringify({
  status: order.status, shipped, total: order.total.minor, refused: [refused.response.status, refused.error?.code],
}));
