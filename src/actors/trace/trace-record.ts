/** A row of a trace: what one actor, link or core did, one thing after the other or one within the other. */
export interface TraceTrack {
  readonly name: string
  /** The core at the other end, -1 for the coordinator; null where there is none. */
  readonly peer: number | null
}

/** What all events of one kind have in common. */
export interface TraceLabel {
  /** For people: `advance hidden`. */
  readonly name: string
  readonly category: 'kernel' | 'actor' | 'link' | 'learning' | 'session'
  /** Spans of a track lie one after the other or one within the other; those that are asynchronous overlap as they like. */
  readonly shape: 'span' | 'instant' | 'async'
  /** The event is one end of an arrow to or from the peer of its track. */
  readonly flow: 'begins' | 'ends' | null
  /** What its amount counts; null if it has none. */
  readonly amount: 'bytes' | 'spikes' | 'repeated' | null
}

/** Events column by column, in the order in which they ended; times in microseconds of the clock of the machine. */
export interface TraceColumns {
  /** Place in the list of tracks. */
  readonly track: Uint32Array
  /** Place in the list of labels. */
  readonly label: Uint32Array
  readonly start: Float64Array
  /** Of an instant: its start. */
  readonly end: Float64Array
  /** Number of the run; 0 before the first one. */
  readonly run: Uint32Array
  /** The same number at both ends of an arrow between two tracks; 0 where there is none. */
  readonly flow: Uint32Array
  readonly amount: Float64Array
}

/** What was recorded between two takings. Plain data. */
export interface TraceRecord {
  readonly tracks: readonly TraceTrack[]
  readonly labels: readonly TraceLabel[]
  readonly events: TraceColumns
  /** Events for which there was no room. */
  readonly lost: number
  /** When it was taken, by the clock of the events. */
  readonly until: number
}

/** What one partition did. */
export interface PartitionTrace extends TraceRecord {
  readonly core: number
}
