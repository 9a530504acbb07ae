const FAULTS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied; check the owner and the mode of the file and its folder',
  EDQUOT: 'the disk quota is used up; free space or choose another place',
  EEXIST: 'it exists already; choose another name or overwrite it with --force',
  EFBIG: 'the file grew beyond the size limit; raise the limit or choose another place',
  EISDIR: 'it is a folder; name a file',
  ENOENT: 'no such file or folder; check the path',
  ENOSPC: 'no space left on the device; free space or choose another place',
  ENOTDIR: 'a part of the path is no folder; check the path',
  EPERM: 'the system does not permit it; check the owner and the mode of the file and its folder',
  EROFS: 'the file system is read-only; choose another place',
}

/** The system's own name of a failure, such as `ENOSPC`; empty if it is none of the system's. */
export const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '')

/** A failure of the system in words, with what to do about it. */
export const systemFault = (error: unknown): string => FAULTS[codeOf(error)] ?? (error instanceof Error ? error.message : String(error))
