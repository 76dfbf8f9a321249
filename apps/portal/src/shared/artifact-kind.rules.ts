/** A kind of content as people write it: the server's `IMAGE` is an image, but `WASM` and `CNAB` stay as they are. */
export function kindText(type: string): string {
  return type.length < 5 ? type : type.charAt(0) + type.slice(1).toLowerCase();
}
