/** Lets the host show that it is alive. */
export declare function beat(): void

/** Takes the spikes that a window kernel has no more room for. */
export declare function drainSpikes(): void

/** Bits that are 0 in one out of 65,536 addresses of events. */
const OFTEN_SET: usize = 0xffff0

/** For loops over events that may be very many, at the address of each: from time to time the host shows that it is alive. */
export function signOfLife(event: usize): void {
  if ((event & OFTEN_SET) == 0) beat()
}
