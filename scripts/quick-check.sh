#!/usr/bin/env bash
# Fast check of code that is about to be shared: format, boundaries, lint. `npm run check` does all.
set -euo pipefail
cd "$(dirname "$0")/.."
exec node scripts/moorage.mjs quick-check
