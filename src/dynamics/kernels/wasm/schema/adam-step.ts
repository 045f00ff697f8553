import { f64, i32, layout, usize } from './layout.js'

/** The numbers of a step of Adam; addresses of parameters, gradients, means and squares, and how many entries each has. */
export const ADAM_STEP = layout({
  beta1: f64,
  beta2: f64,
  epsilon: f64,
  unbiasedRate: f64,
  unbiasedRoot: f64,
  scale: f64,
  min: f64,
  max: f64,
  keep: f64,
  parameters: usize,
  gradients: usize,
  means: usize,
  squares: usize,
  count: i32,
})

/** Entries that one item of the job takes. */
export const ADAM_CHUNK = 8192
