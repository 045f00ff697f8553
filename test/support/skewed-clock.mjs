// Loaded before everything else, as in `node --import skewed-clock.mjs?hours=5`: what tells the date is wrong by so much.
const shift = Number(new URL(import.meta.url).searchParams.get('hours')) * 3_600_000
const { now } = Date

globalThis.Date = class extends Date {
  constructor(...parts) {
    if (parts.length === 0) super(now() + shift)
    else super(...parts)
  }

  static now() {
    return now() + shift
  }
}
