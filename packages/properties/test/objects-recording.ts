import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { type ObjectRecording, unpackRecording } from '../src/index.ts'

/** Made by `node scripts/compare-objects.mjs --runs 240 --seed 2026 --deeds 40 --record FILE`. */
const FIXTURE = new URL('fixtures/objects/programs.json.gz', import.meta.url)

export const recording = JSON.parse(gunzipSync(readFileSync(FIXTURE)).toString()) as ObjectRecording
export const { programs } = recording
export const runs = unpackRecording(recording)
