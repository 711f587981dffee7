import type { StoreFormat } from './format.js'

/**
 * Amazon CloudWatch Logs and Lambda's JSON log format: the names that Lambda's own runtime writes, and by whose `timestamp`
 * and `level` it filters.
 *
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html; the fields that Logs Insights
 * finds: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html.
 */
export function cloudwatch(): StoreFormat {
  return {
    names: {
      request_id: 'requestId',
      error: 'errorMessage',
      error_type: 'errorType',
      traceback: 'stackTrace',
      error_code: 'errorCode',
      error_details: 'errorDetails',
    },
    // Embedded metrics: a line with this would be read as numbers to be charged for.
    taken: ['_aws'],
  }
}
