/** What the page knows of a log that has nothing but curves. */
import type { Curve, Overview } from '../src/session/messages.ts'
export declare const overviewOf: (events: number, curves: readonly Curve[]) => Overview
//# sourceMappingURL=overview.d.ts.map
