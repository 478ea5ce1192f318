/**
 * Does a topic binding key match a routing key?
 *
 * Words are split at every dot, the empty key is zero words, `*` is one word (an empty one too), `#` is zero or more
 * (rules 4.1.1 to 4.1.8; rabbit_exchange_type_topic.erl). Only the latest `#` is ever extended, so the cost is at most
 * words of the key times words of the binding, whatever the number of `#` (rule 4.1.14).
 */
export function topicMatches(bindingKey: string, routingKey: string): boolean {
  const pattern = words(bindingKey);
  const key = words(routingKey);
  let patternAt = 0;
  let keyAt = 0;
  let hashAt = -1;
  let hashTook = 0;

  while (keyAt < key.length) {
    const expected = pattern[patternAt];
    if (expected === '#') {
      hashAt = patternAt++;
      hashTook = keyAt;
    } else if (patternAt < pattern.length && (expected === '*' || expected === key[keyAt])) {
      patternAt++;
      keyAt++;
    } else if (hashAt >= 0) {
      patternAt = hashAt + 1;
      keyAt = ++hashTook;
    } else {
      return false;
    }
  }
  return pattern.slice(patternAt).every((word) => word === '#');
}

function words(key: string): string[] {
  return key === '' ? [] : key.split('.');
}
