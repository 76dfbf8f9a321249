#!/usr/bin/env bash
# Fast check of what is about to be shared: format of the changed files, and the boundaries. `npm run check` does all.
set -euo pipefail
cd "$(dirname "$0")/.."
base=$(git merge-base HEAD main 2>/dev/null || git rev-parse HEAD)
{ git diff --name-only --diff-filter=d -z "$base"; git ls-files --others --exclude-standard -z; } |
  xargs -0 -r node scripts/moorage.mjs exec biome format --no-errors-on-unmatched
node scripts/moorage.mjs boundaries
