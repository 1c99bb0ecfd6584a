const two = (value: number) => String(value).padStart(2, '0')

/** The device's own clock, 24 hours; written by hand, because many browsers carry no Kazakh data for Intl. */
export const clock = (at: Date) => `${two(at.getHours())}:${two(at.getMinutes())}`

/**
 * 23.11.2026 21:05, as the server wrote it with the school's offset. Old computers still believe in the time that was
 * abolished in 2024, so the device's own zone would show an hour that never was.
 */
export function moment(iso: string): string {
  const [, year, month, day, time] = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d)/.exec(iso) ?? []
  return time ? `${day}.${month}.${year} ${time}` : iso
}

/** A moment of this device, in its own time. */
export const localMoment = (at: Date) => `${two(at.getDate())}.${two(at.getMonth() + 1)} ${clock(at)}`

/** Today by this device, as an ISO date. */
export const localDay = (at: Date) => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
