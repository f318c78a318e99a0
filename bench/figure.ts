/** One measured figure beside the baseline measured in the same run. */
export interface BenchFigure {
  name: string;
  /** Median of the rounds. */
  value: number;
  unit: string;
  /** Median of the baseline, in the same unit. */
  baseline: number;
  /** value / baseline. */
  ratio: number;
  /** What is aimed at, in words. */
  aim?: string;
  detail?: object;
}

/** The middle value of an odd number of samples, the upper middle of an even number. */
export function median(samples: readonly number[]): number {
  return samples.toSorted((a, b) => a - b)[samples.length >> 1]!;
}

/** A figure with its ratio. */
export function figure(
  name: string,
  value: number,
  unit: string,
  baseline: number,
  aim: string,
  detail: object,
): BenchFigure {
  return { name, value, unit, baseline, ratio: value / baseline, aim, detail };
}
