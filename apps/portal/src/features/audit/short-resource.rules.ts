/** An object's name with its digest cut to the length people quote. */
export function shortResource(resource: string): string {
  return resource.replace(/(sha(?:256|512):[0-9a-f]{12})[0-9a-f]+/, '$1…');
}
