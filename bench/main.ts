// Benchmarks, one JSON object per line on stdout: each figure beside a rival measured in the same run. Arguments name
// suites; without any, all run.
import { kernelBenchmarks } from './kernels.js'
import { linkBenchmarks } from './links.js'
import { numericsBenchmarks } from './numerics.js'
import { trainingBenchmarks } from './training.js'

const SUITES = {
  numerics: numericsBenchmarks,
  kernels: kernelBenchmarks,
  training: trainingBenchmarks,
  links: linkBenchmarks,
}

const chosen = process.argv.slice(2)
const stranger = chosen.find((name) => !Object.hasOwn(SUITES, name))
if (stranger !== undefined) {
  console.error(`bench: found "${stranger}", expected suites: ${Object.keys(SUITES).join(', ')}`)
  process.exit(2)
}
for (const [name, suite] of Object.entries(SUITES)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue
  for (const { benchmark, value, unit, rival, rivalValue } of await suite())
    console.log(JSON.stringify({ benchmark, value, unit, rival, ratio: value / rivalValue }))
}
