import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';

/** What a function counts (EMF), with the dimensions it gives: Powertools adds its name, which is its folder's, as `service`. */
export function countedBy(
  service: string,
  metricName: string,
  dimensions: Readonly<Record<string, string>> = {},
  period = Duration.minutes(5),
): Metric {
  return new Metric({
    namespace: 'Warren',
    metricName,
    dimensionsMap: { service, ...dimensions },
    statistic: 'Sum',
    period,
  });
}
