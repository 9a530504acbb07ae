import { useEffect, useState } from 'preact/hooks'

/** As long as a cursor that plays or is dragged stays at one event, and less than a person waits. @unit ms */
export const REST_MS = 120

/** A value as soon as it has not changed for a moment: for what takes longer than a cursor's move may. */
export function useRested<A>(value: A): A {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(() => value), REST_MS)
    return () => clearTimeout(timer)
  }, [value])
  return rested
}
