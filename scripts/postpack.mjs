// What npm runs when the package is packed: package.json is as it was before.
import { fileURLToPath } from 'node:url'
import { restoreManifest } from './build/packed-manifest.mjs'

restoreManifest(fileURLToPath(new URL('..', import.meta.url)))
