/** Predictions from one recording, beside what the real interpreters did. */
import { readFileSync } from 'node:fs'
import { predicted, recording } from './prediction.mjs'
import { withThresholds } from './programs.mjs'

const REAL_RUNS = new URL('real-runs.json', import.meta.url)

/** What the real interpreters did, as `record-real-runs.mjs` kept it. */
export const realRuns = () => JSON.parse(readFileSync(REAL_RUNS, 'utf8'))

/** `CollectorSettings` of a text such as `700,10,10`. */
export function settingsOf(thresholds) {
  const [threshold0, threshold1, threshold2] = thresholds.split(',').map(Number)
  return { threshold0, threshold1, threshold2 }
}

/**
 * Records a program once, under its first setting, and predicts it under all.
 *
 * @returns for each setting the predicted and the real run, and how they differ; null: not at all
 */
export async function compared({ name, version, source, settings }, runs = realRuns()) {
  const recorded = await recording(version, withThresholds(source, settings[0]))
  return settings.map((thresholds) => {
    const real = runs.find((run) => run.program === name && run.version === version && run.thresholds === thresholds)
    if (real === undefined) throw new Error(`${name} was not run on ${version} under ${thresholds}: run record-real-runs.mjs`)
    const prediction = predicted(recorded, settingsOf(thresholds))
    const collections = prediction.collections.map(({ generation, collected, uncollectable }) => [generation, collected, uncollectable])
    const run = { collections, uncollectedMax: prediction.uncollectedMax }
    return { thresholds, predicted: run, real, difference: differenceOf(run, real) }
  })
}

function differenceOf(predicted, real) {
  const length = Math.max(predicted.collections.length, real.collections.length)
  for (let place = 0; place < length; place++) {
    const [one, other] = [predicted.collections[place], real.collections[place]].map((collection) => JSON.stringify(collection))
    if (one !== other) return `collection ${place + 1} is ${one}, really ${other} [generation, collected, uncollectable]`
  }
  if (predicted.uncollectedMax === real.uncollectedMax) return null
  return `${predicted.uncollectedMax} uncollected at most, really ${real.uncollectedMax}`
}

/** Collections of each generation, as `17 4 0`. */
export const perGeneration = ({ collections }) =>
  [0, 1, 2].map((generation) => collections.filter(([one]) => one === generation).length).join(' ')
