/** Bytes of what lies in a kernel's memory, as assembly/{lanes,sort-events,instants,tape,delayed/stretches,plan}.ts lay it out. */
export const BYTES = {
  scratch: 2048,
  adjoint: 1920,
  input: 32,
  event: 16,
  instant: 64,
  tauFactor: 32,
  arrival: 8,
  record: 32,
  stretch: 512,
  tauRows: 192,
  bins: 9728,
} as const
