import type { Platform } from '@moorage/contracts';

/** `linux/arm/v7`, as people write platforms; empty when nothing is known. */
export function platformText(platform: Platform | undefined): string {
  return [platform?.os, platform?.architecture, platform?.variant]
    .filter((part) => part !== undefined && part !== '' && part !== 'unknown')
    .join('/');
}
