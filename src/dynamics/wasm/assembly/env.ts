/**
 * The complete search of src/dynamics/rolle.ts, for a membrane with bias 0: rarely needed, so it stays outside.
 *
 * @param taus where its time constants lie
 */
export declare function searchCrossing(u: f64, i: f64, a: f64, threshold: f64, taus: usize): f64

/** Lets the host show that it is alive. */
export declare function beat(): void

/** Takes the spikes that a window kernel has no more room for. */
export declare function drainSpikes(): void
