/** How much work may pass between two beats, in synaptic events. */
const LONGEST_SILENCE = 4096

/** Calls `beat` at intervals while work is in progress, so that the process of a kernel can show that it is alive. */
export class Pulse {
  private readonly callback: () => void
  private silent = 0

  constructor(beat: () => void = () => undefined) {
    this.callback = beat
  }

  /** Notes that work of `events` synaptic events is done. */
  count(events: number): void {
    this.silent += events
    if (this.silent >= LONGEST_SILENCE) this.beat()
  }

  beat(): void {
    this.silent = 0
    this.callback()
  }
}
