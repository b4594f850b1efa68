// Who is told of changes verifies that it was this site that told.

/** What a message says: pages with their addresses, the products on them, and cache tags. */
export interface Changes {
  readonly pages: readonly {
    readonly id: number;
    readonly change: "published" | "unpublished" | "changed";
    readonly urls: readonly string[];
  }[];
  readonly products: readonly number[];
  readonly tags: readonly string[];
}

/** Seconds that a message may be old: an older one was caught and is played again. */
const OLDEST = 300;
const bytes = (base64: string) => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));

/** The changes in a request, or null where the secret did not sign them. */
export async function changesIn(request: Request, secret: string): Promise<Changes | null> {
  const [id, sentAt, signature] = ["id", "timestamp", "signature"].map(
    (name) => request.headers.get(`webhook-${name}`) ?? "",
  );
  const body = await request.text();
  if (!(Math.abs(Date.now() / 1000 - Number(sentAt)) < OLDEST)) {
    return null;
  }
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const raw = bytes(secret.replace(/^whsec_/, ""));
  const key = await crypto.subtle.importKey("raw", raw, hmac, false, ["verify"]);
  const signed = new TextEncoder().encode(`${id}.${sentAt}.${body}`);
  try {
    const given = bytes((signature ?? "").replace(/^v1,/, ""));
    const isOurs = await crypto.subtle.verify("HMAC", key, given, signed);
    return isOurs ? (JSON.parse(body) as { readonly data: Changes }).data : null;
  } catch {
    return null;
  }
}
