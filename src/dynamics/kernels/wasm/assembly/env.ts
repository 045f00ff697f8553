/** Lets the host show that it is alive. */
export declare function beat(): void

/** Takes the spikes that a window kernel has no more room for. */
export declare function drainSpikes(): void
