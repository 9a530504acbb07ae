export { Author, type Numbering } from './allocator/author.ts'
export { type Deed, deeds, type SizeChoice, type SweepOrder } from './allocator/deeds.ts'
export { allocatorLog, programOfLog } from './allocator/log.ts'
export type { AllocatorFigures } from './allocator/naive-figures.ts'
export { NaivePymalloc } from './allocator/naive-pymalloc.ts'
export { type NaiveSystem, naiveSystem, type SystemSetting } from './allocator/naive-system.ts'
export { realProfiles, tinyProfile, tinyProfiles } from './allocator/profiles.ts'
export {
  type AllocatorProgram,
  type AllocatorSetting,
  allocatorPrograms,
  impossibleRequests,
  recordedPrograms,
  simulatedPrograms,
} from './allocator/programs.ts'
export { recordingOf, type Surroundings } from './allocator/recording.ts'
export { type AllocatorParts, type AllocatorSubject, allocatorSubject } from './allocator/subject.ts'
export { collectedHeap, HEAP_PARTS, type HeapComposition, type HeapParts, objectsAlone } from './heap/composition.ts'
export type { HeapFigures } from './heap/figures.ts'
export { type HeapFact, type HeapRequest, HeapWitness } from './heap/heap-witness.ts'
export { decodeHeapRequest, heapLog, programOfHeapLog } from './heap/log.ts'
export { NaiveHeap } from './heap/naive-heap.ts'
export { type HeapProfile, type HeapSetting, heapProfile, realSettings, tinySettings } from './heap/profiles.ts'
export { type HeapProgram, heapPrograms, scriptedPrograms } from './heap/programs.ts'
export { type HeapSubject, heapSubject } from './heap/subject.ts'
export { type Law, type LawOptions, lawOf, same } from './law.ts'
export type { Model } from './model.ts'
export { compareProgram, type Difference, plainLines, sourceOfProgram } from './objects/comparison.ts'
export { DEED_WEIGHTS, type Deed as ObjectDeed, type DeedName, type ObjectProgram, objectPrograms } from './objects/deed.ts'
export { OBJECT_PARTS, type ObjectParts, type ObjectProfile, objectProfile } from './objects/parts.ts'
export { type InterpreterRun, type ObjectRecording, packRecording, unpackRecording } from './objects/recording.ts'
export { HARNESS, readLines, sourceOf, WARM_UP } from './objects/script.ts'
export { simulate } from './objects/simulation.ts'
export type { Meetings, SimulatedLine } from './objects/teller.ts'
export { type WrittenProgram, writeProgram } from './objects/writing.ts'
export type { Amounts, Program, Rows, Subject } from './subject.ts'
export { lawsOf, type RegisterTest, registerLaws } from './suite.ts'
