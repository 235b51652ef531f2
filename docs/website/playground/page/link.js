// A program as the fragment of an address, which a browser does not send, and back.

const KEY = "program=";

async function through(stream, bytes) {
  const whole = new Blob([bytes]).stream().pipeThrough(stream);
  return new Uint8Array(await new Response(whole).arrayBuffer());
}

// The zlib form ends in a sum over the text, by which a damaged link is known.
export async function fragmentOf(text) {
  const bytes = await through(new CompressionStream("deflate"), new TextEncoder().encode(text));
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return KEY + btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

// The text of a fragment; null if it is of no program, an error if it is damaged.
export async function programOf(fragment) {
  if (!fragment.startsWith(KEY)) return null;
  const base64 = fragment.slice(KEY.length).replace(/-/g, "+").replace(/_/g, "/");
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const plain = await through(new DecompressionStream("deflate"), bytes);
  return new TextDecoder("utf-8", { fatal: true }).decode(plain);
}
