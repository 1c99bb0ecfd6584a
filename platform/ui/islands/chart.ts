import { BarChart, LineChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components'
import { init, registerLocale, use } from 'echarts/core'
import ru from 'echarts/i18n/langRU-obj.js'
import { SVGRenderer } from 'echarts/renderers'
import { kk } from './locale/chart-kk'

use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, SVGRenderer])
registerLocale('KK', kk as unknown as Parameters<typeof registerLocale>[1]) // only the series that we draw have names
registerLocale('RU', ru)

export interface ChartProps {
  kind: 'bar' | 'across' | 'stacked' | 'shares' | 'line'
  title: string
  categories: string[]
  series: { name: string; values: (number | null)[]; shape: 'bar' | 'point' }[]
  unit: string
  language: string
  mean?: { name: string; value: number } | null
}

/** From this many on, upright bars do not fit a phone and lie down. */
const MOST_UPRIGHT = 8
const MOST_LABELLED = 8
const ROW = { across: 32, shares: 30 }
const FEW = 4 // so few rows stand thicker, beside a chart of the usual height
/** Marks from 5 to 2: neighbours differ in lightness too, so colours need not be told apart. */
const SHARES = [1, 3, 2, 5]

const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** Whether dark letters are read better than white ones on a #rrggbb colour. */
function isLight(hex: string): boolean {
  const [red = 0, green = 0, blue = 0] = (/^#?(..)(..)(..)$/.exec(hex)?.slice(1) ?? []).map((part) => parseInt(part, 16))
  return 0.299 * red + 0.587 * green + 0.114 * blue > 115
}

/** How it is drawn where it stands: many upright bars lie down on a phone. */
export function shapeOf(props: ChartProps, narrow: boolean): ChartProps['kind'] {
  return props.kind === 'bar' && narrow && props.categories.length > MOST_UPRIGHT ? 'across' : props.kind
}

/** The height that lying bars need; the others keep that of their class. */
export function heightOf(props: ChartProps, narrow: boolean): number | null {
  const shape = shapeOf(props, narrow)
  if (shape !== 'across' && shape !== 'shares') return null
  return props.categories.length * (props.categories.length <= FEW ? 56 : ROW[shape]) + 72
}

/** What ECharts is told; pure, so that it can be tested. */
export function optionsFor(props: ChartProps, paint: (name: string) => string, narrow: boolean, width = 900) {
  const number = new Intl.NumberFormat('ru', { maximumFractionDigits: 1 }) // Kazakh writes numbers so too, and many browsers lack its data
  const shown = (value: unknown) => (typeof value === 'number' ? `${number.format(value)}${props.unit && ` ${props.unit}`}` : '–')
  const shape = shapeOf(props, narrow)
  const lying = shape === 'across' || shape === 'shares'
  const few = props.categories.length <= FEW
  const many = props.series.length > 1 || Boolean(props.mean)
  const stacks = shape === 'stacked' || shape === 'shares'
  const hue = (index: number) => paint(`--mk-c${shape === 'shares' ? (SHARES[index] ?? 6) : index + 1}`)
  const values = props.series.flatMap((one) => one.values.filter((value) => value !== null))
  const isPercent = props.unit === '%'
  // A line tells of change, so it may begin above zero; a bar tells of size, so it never does.
  const floor = shape === 'line' && isPercent && values.length ? Math.max(0, Math.floor((Math.min(...values) - 5) / 10) * 10) : 0
  // Names of schools break into lines; names of classes take no more than they need.
  const longest = Math.max(0, ...props.categories.map((name) => name.length)) * 7.5 + 4
  const labels = Math.round(Math.min(longest, width * (narrow ? 0.36 : 0.3), 260))
  const names = {
    type: 'category' as const,
    data: props.categories,
    inverse: lying,
    axisLabel: {
      color: paint(lying ? '--mk-ink' : '--mk-muted'),
      interval: lying || props.categories.length <= 40 ? 0 : ('auto' as const),
      hideOverlap: !lying,
      rotate: !lying && narrow && props.categories.join('').length > 40 ? 45 : 0,
      ...(lying ? { width: labels, overflow: 'break' as const, lineHeight: 13, fontSize: 12 } : {}),
    },
    axisLine: { lineStyle: { color: paint('--mk-line-strong') } },
    axisTick: { show: false },
  }
  const figures = {
    type: 'value' as const,
    min: floor,
    max: isPercent ? 100 : undefined,
    show: shape !== 'shares',
    splitNumber: narrow ? 4 : 5,
    axisLabel: { color: paint('--mk-muted'), formatter: (value: number) => `${number.format(value)}${isPercent ? ' %' : ''}` },
    splitLine: { lineStyle: { color: paint('--mk-line') } },
  }
  const level = props.mean && {
    name: `${props.mean.name}: ${shown(props.mean.value)}`, // in the legend: on the line it would lie over the bars
    type: 'line' as const,
    data: [],
    symbol: 'none',
    lineStyle: { color: paint('--mk-gold-ink'), type: 'dashed' as const, width: 1.5 },
    itemStyle: { color: paint('--mk-gold-ink') },
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: { color: paint('--mk-gold-ink'), type: 'dashed' as const, width: 1.5 },
      label: { show: false },
      data: [lying ? { xAxis: props.mean.value } : { yAxis: props.mean.value }],
    },
  }
  const legend = [
    ...props.series.map((one) => ({ name: one.name })),
    ...(level ? [{ name: level.name, icon: 'path://M0 4h6v2H0zM9 4h6v2H9zM18 4h6v2h-6z' }] : []),
  ]
  const lines = Math.ceil(legend.reduce((total, { name }) => total + name.length * 7.2 + 42, 0) / Math.max(width - 16, 200))
  return {
    animation: false,
    color: props.series.map((_one, index) => hue(index)),
    aria: { enabled: true, label: { enabled: false }, decal: { show: shape === 'stacked' && many } },
    textStyle: { fontFamily: "'Inter Variable', system-ui, sans-serif", color: paint('--mk-ink') },
    grid: { left: 8, right: narrow ? 12 : 20, top: many ? 16 + 24 * lines : 16, bottom: 8, containLabel: true },
    legend: many ? { top: 0, left: 0, itemGap: 14, data: legend, textStyle: { color: paint('--mk-ink') } } : undefined,
    tooltip: {
      trigger: 'axis' as const,
      axisPointer: { type: shape === 'line' ? ('line' as const) : ('shadow' as const) },
      renderMode: 'richText' as const, // html would need style attributes, which the CSP refuses
      confine: true,
      backgroundColor: paint('--mk-surface'),
      borderColor: paint('--mk-line'),
      textStyle: { color: paint('--mk-ink') },
      valueFormatter: shown,
    },
    xAxis: lying ? figures : names,
    yAxis: lying ? names : figures,
    series: [...props.series.map((one, index) => {
      const own = { name: one.name, data: one.values }
      if (shape === 'line') {
        const labelled = props.categories.length <= MOST_LABELLED && !narrow
        return {
          ...own,
          type: 'line' as const,
          symbolSize: 8,
          lineStyle: { width: 2.5 },
          label: { show: labelled, position: 'top' as const, color: paint('--mk-ink'), fontSize: 12, formatter: ({ value }: { value: unknown }) => (typeof value === 'number' ? number.format(value) : '') },
        }
      }
      if (one.shape === 'point') {
        return { ...own, type: 'line' as const, symbol: 'diamond', symbolSize: 9, lineStyle: { opacity: 0 }, itemStyle: { color: paint('--mk-gold'), borderColor: paint('--mk-surface'), borderWidth: 1 }, z: 4 }
      }
      return {
        ...own,
        type: 'bar' as const,
        barMaxWidth: shape === 'shares' ? (few ? 34 : 20) : lying ? 16 : 44,
        stack: stacks ? 'all' : undefined,
        itemStyle: {
          borderRadius: stacks ? 0 : lying ? [0, 4, 4, 0] : [4, 4, 0, 0],
          ...(shape === 'shares' ? { borderColor: paint('--mk-surface'), borderWidth: 1 } : {}),
        },
        label: {
          show: shape === 'shares',
          color: isLight(hue(index)) ? '#10202b' : '#fff',
          fontSize: 11.5,
          formatter: ({ value }: { value: unknown }) => (typeof value === 'number' && value >= (narrow ? 12 : 5) ? `${Math.round(value)}` : ''),
        },
      }
    }), ...(level ? [level] : [])],
  }
}

export function mount(element: HTMLElement, props: unknown): () => void {
  const given = props as ChartProps
  const isNarrow = () => element.clientWidth < 520
  const fit = () => {
    const height = heightOf(given, isNarrow())
    if (height !== null) element.style.height = `${height}px`
  }
  fit()
  const chart = init(element, undefined, { renderer: 'svg', locale: given.language === 'ru' ? 'RU' : 'KK' })
  const draw = () => chart.setOption(optionsFor(given, colour, isNarrow(), element.clientWidth), true)
  draw()
  const seen = new ResizeObserver(() => {
    fit()
    chart.resize()
    draw()
  })
  seen.observe(element)
  const theme = new MutationObserver(draw)
  theme.observe(document.documentElement, { attributeFilter: ['data-bs-theme'] })
  return () => {
    seen.disconnect()
    theme.disconnect()
    chart.dispose()
  }
}
