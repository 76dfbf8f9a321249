import type { Content, ImageFactory, RegistryClient } from '@moorage/testing';

/** Requests under way at once while a repository is filled. */
const LANES = 24;

/** Names of every kind people use, in no useful order: versions, candidates, branches, builds. */
export function tagNames(count: number): string[] {
  return Array.from({ length: count }, (_unused, index) => {
    const version = `${Math.floor(index / 1000)}.${Math.floor(index / 40) % 25}.${index % 40}`;
    switch (index % 4) {
      case 0:
        return `v${version}`;
      case 1:
        return `${version}-rc.${index % 12}`;
      case 2:
        return `main-${((index * 2_654_435_761) % 4_294_967_296).toString(16).padStart(8, '0')}`;
      default:
        return `build-${index}`;
    }
  });
}

/** Puts the tags on a handful of images of a repository, as a client would. */
export async function pushManyTags(
  client: RegistryClient,
  repository: string,
  images: ImageFactory,
  tags: readonly string[],
): Promise<void> {
  const roots: Content[] = [];
  for (let made = 0; made < 5; made++) {
    const image = images.image();
    await client.push(repository, image);
    roots.push(image.root);
  }
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < tags.length; index = next++) {
      const root = roots[index % roots.length];
      if (root) await client.putManifest(repository, root, tags[index]);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}
