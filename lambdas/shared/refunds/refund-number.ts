/** WeChat Pay's own rule for 商户退款单号 (API reference, 申请退款). */
export const refundNumber = /^[0-9A-Za-z_|*@-]{1,64}$/;

/** Of one that a person chooses: `WR` begins what is asked for by itself. */
export const chosenNumber = /^(?!WR)[0-9A-Za-z_|*@-]{1,64}$/;

export const numberRule = 'at most 64 of 0-9 A-Z a-z _ - | * @';
