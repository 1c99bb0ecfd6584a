import { BarChart, LineChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { init, registerLocale, use } from 'echarts/core'
import ru from 'echarts/i18n/langRU-obj.js'
import { SVGRenderer } from 'echarts/renderers'
import { kk } from './locale/chart-kk'

use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer])
registerLocale('KK', kk as unknown as Parameters<typeof registerLocale>[1]) // only the series that we draw have names
registerLocale('RU', ru)

export interface ChartProps {
  kind: 'bar' | 'stacked' | 'line'
  title: string
  categories: string[]
  series: { name: string; values: (number | null)[] }[]
  unit: string
  language: string
}

const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** What ECharts is told; pure, so that it can be tested. */
export function optionsFor(props: ChartProps, paint: (name: string) => string, narrow: boolean) {
  const number = new Intl.NumberFormat('ru', { maximumFractionDigits: 1 }) // Kazakh writes numbers so too, and many browsers lack its data
  const shown = (value: unknown) => (typeof value === 'number' ? `${number.format(value)}${props.unit && ` ${props.unit}`}` : '–')
  const many = props.series.length > 1
  return {
    animation: false,
    color: [1, 2, 3, 4, 5, 6].map((n) => paint(`--mk-c${n}`)),
    aria: { enabled: true, label: { enabled: false }, decal: { show: many } },
    textStyle: { fontFamily: "'Inter Variable', system-ui, sans-serif", color: paint('--mk-ink') },
    grid: { left: 8, right: 12, top: many ? 40 : 16, bottom: 8, containLabel: true },
    legend: many ? { top: 0, left: 0, type: 'scroll' as const, textStyle: { color: paint('--mk-ink') } } : undefined,
    tooltip: {
      trigger: 'axis' as const,
      renderMode: 'richText' as const, // html would need style attributes, which the CSP refuses
      confine: true,
      backgroundColor: paint('--mk-surface'),
      borderColor: paint('--mk-line'),
      textStyle: { color: paint('--mk-ink') },
      valueFormatter: shown,
    },
    xAxis: {
      type: 'category' as const,
      data: props.categories,
      axisLabel: { color: paint('--mk-muted'), hideOverlap: true, rotate: narrow && props.categories.join('').length > 40 ? 45 : 0 },
      axisLine: { lineStyle: { color: paint('--mk-line-strong') } },
      axisTick: { show: false },
    },
    yAxis: {
      type: 'value' as const,
      axisLabel: { color: paint('--mk-muted'), formatter: (value: number) => number.format(value) },
      splitLine: { lineStyle: { color: paint('--mk-line') } },
    },
    series: props.series.map((one) =>
      props.kind === 'line'
        ? { type: 'line' as const, name: one.name, data: one.values, symbolSize: 8, lineStyle: { width: 2.5 } }
        : {
            type: 'bar' as const,
            name: one.name,
            data: one.values,
            barMaxWidth: 44,
            stack: props.kind === 'stacked' ? 'all' : undefined,
            itemStyle: { borderRadius: props.kind === 'stacked' ? 0 : [4, 4, 0, 0] },
          },
    ),
  }
}

export function mount(element: HTMLElement, props: unknown): () => void {
  const given = props as ChartProps
  const chart = init(element, undefined, { renderer: 'svg', locale: given.language === 'ru' ? 'RU' : 'KK' })
  const draw = () => chart.setOption(optionsFor(given, colour, element.clientWidth < 520), true)
  draw()
  const seen = new ResizeObserver(() => {
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
