/** Has a cluster choose the number of a role's pods, from the role's `count` to `max` */
export interface Scaling {
  max: number;
  /** Processors that pods use on average, in percent of what they ask for, at which there are enough of them */
  cpu: number;
}
