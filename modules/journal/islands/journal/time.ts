const two = (value: number) => String(value).padStart(2, '0')

/** 24 hours; written by hand, because many browsers carry no Kazakh data for Intl. */
export const clock = (at: Date) => `${two(at.getHours())}:${two(at.getMinutes())}`

/** 23.11.2026 21:05 in Kazakh and Russian alike. */
export const moment = (at: Date) => `${two(at.getDate())}.${two(at.getMonth() + 1)}.${at.getFullYear()} ${clock(at)}`
