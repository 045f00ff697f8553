import type { Rival } from '../suite.js'

/**
 * Processor time per trained sample, in microseconds, of EventProp's own program in C++ (Wunderlich & Pehle 2021; gcc -O3
 * -march=native, one thread), forward and backward without its optimiser: measured once on another machine of this kind,
 * trained networks of about as many spikes; no figure of this run.
 */
export const EVENTPROP_CPP: Readonly<Record<'yinYang' | 'images', Rival>> = Object.freeze({
  yinYang: { name: 'EventProp in C++, not of this run, 30 hidden spikes', value: 62 },
  images: { name: 'EventProp in C++, not of this run, 358 hidden spikes', value: 2610 },
})
