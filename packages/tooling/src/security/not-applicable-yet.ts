/** Wanted items that cannot be attacked yet, each with the reason. The room that brings the feature brings the test. */
export const NOT_APPLICABLE_YET: Readonly<Record<string, string>> = {
  S45: 'nothing is exported as a spreadsheet; comes with the export of the audit log and of scan reports',
  S62: 'nothing is sent to anybody; comes with webhooks and mail',
};
