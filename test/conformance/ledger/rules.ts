import type { Section } from './rule.ts';
import { topicRules } from './rules/4-01-topics.ts';
import { headersRules } from './rules/4-02-headers.ts';
import { exchangeRules } from './rules/4-03-exchanges.ts';
import { alternatesRules } from './rules/4-04-walk.ts';
import { confirmRules, publishingRules, txRules } from './rules/4-05-publishing.ts';
import { deadLetteringRules } from './rules/4-06-dead-lettering.ts';
import { ttlRules } from './rules/4-07-ttl.ts';
import { deliveryRules } from './rules/4-08-delivery.ts';
import { policyRules } from './rules/4-09-policies.ts';
import { consistentHashRules } from './rules/4-10-consistent-hash.ts';
import { otherRules } from './rules/4-11-other.ts';

/** Every rule, by section. */
export const sections: readonly Section[] = [
  { number: '4.1', title: 'Topic matching', rules: topicRules },
  { number: '4.2', title: 'Headers exchange', rules: headersRules },
  { number: '4.3', title: 'Direct, fanout, default exchange', rules: exchangeRules },
  { number: '4.4', title: 'One copy, exchange to exchange, alternate exchange', rules: alternatesRules },
  { number: '4.5', title: 'Publishing', rules: [...publishingRules, ...confirmRules, ...txRules] },
  { number: '4.6', title: 'Dead lettering', rules: deadLetteringRules },
  { number: '4.7', title: 'Time to live', rules: ttlRules },
  { number: '4.8', title: 'Redelivery and its limit', rules: deliveryRules },
  { number: '4.9', title: 'Policies and definitions', rules: policyRules },
  { number: '4.10', title: 'Consistent-hash exchange', rules: consistentHashRules },
  { number: '4.11', title: 'Other rules', rules: otherRules },
];
