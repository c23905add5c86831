import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./api.js";

export type Schemas = components["schemas"];
export type Problem = Schemas["Problem"];

/** Where the API is, and how to ask it. */
export interface CommerceOptions {
  address: string;
  apiKey?: string;
  /** How long, in milliseconds, a request is repeated whose answer is lost, or that is answered "not now". */
  patience?: number;
}

/** The REST API of Commerce on Orleans. Each change is done at most once: it is repeated with the same idempotency key. */
export function commerce(options: CommerceOptions) {
  const client = createClient<paths>({ baseUrl: options.address, fetch: (request) => repeated(request, options.patience ?? 60_000) });
  const authenticate: Middleware = {
    onRequest({ request }) {
      if (options.apiKey) request.headers.set("Authorization", `Bearer ${options.apiKey}`);
      return request;
    },
  };
  client.use(authenticate);
  return client;
}

const notNow = [429, 502, 503, 504];

async function repeated(request: Request, patience: number): Promise<Response> {
  const until = Date.now() + patience;
  for (let attempt = 1; ; attempt++) {
    const pause = Math.min(5_000, 50 * 2 ** Math.min(attempt, 7) * (0.5 + Math.random()));
    const giveUp = Date.now() + pause > until;
    try {
      const response = await fetch(request.clone());
      if (giveUp || !notNow.includes(response.status)) return response;
    } catch (lost) {
      if (giveUp) throw lost;
    }
    await new Promise((resume) => setTimeout(resume, pause));
  }
}
