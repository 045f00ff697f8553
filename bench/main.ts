// Benchmarks, one JSON object per line on stdout: each figure beside a rival measured in the same run.
import { kernelBenchmarks } from './kernels.js'
import { numericsBenchmarks } from './numerics.js'
import { trainingBenchmarks } from './training.js'

for (const suite of [numericsBenchmarks, kernelBenchmarks, trainingBenchmarks])
  for (const { benchmark, value, unit, rival, rivalValue } of await suite())
    console.log(JSON.stringify({ benchmark, value, unit, rival, ratio: value / rivalValue }))
