//! The members and the words by which an answer tells that something is wrong.

/// Members that tell in one word how it went.
pub(super) const OUTCOMES: [&str; 11] =
    ["status", "s", "result", "response", "outcome", "state", "type", "@type", "level", "severity", "kind"];
/// Words of those that mean a failure.
pub(super) const FAILURES: [&str; 6] = ["error", "err", "fail", "failed", "failure", "exception"];
/// Parts of a status that means a failure where nothing else is answered.
pub(super) const DENIALS: [&str; 24] = [
    "error",
    "fail",
    "denied",
    "unavail",
    "not_found",
    "not found",
    "notfound",
    "unauthor",
    "not_author",
    "forbidden",
    "invalid",
    "expired",
    "refused",
    "err_",
    "not_entitled",
    "not entitled",
    "unentitled",
    "not_allowed",
    "not allowed",
    "not_permitted",
    "no_permission",
    "rate_limit",
    "too_many",
    "throttl",
];
/// Members that tell of an answer how it came about.
pub(super) const ABOUT: [&str; 6] =
    ["meta", "metadata", "header", "status", "responseStatus", "responseHeader"];
/// Words of a status, a code or a sentence that mean success.
pub(super) const SUCCESSES: [&str; 14] = [
    "ok",
    "success",
    "successful",
    "succeeded",
    "done",
    "complete",
    "completed",
    "delayed",
    "true",
    "none",
    "null",
    "no error",
    "no_error",
    "noerror",
];
/// Words of a code or a sentence that mean that there is nothing.
pub(super) const ABSENCES: [&str; 8] =
    ["no_data", "nodata", "no data", "no_results", "no results", "no_content", "no content", "empty"];
/// Members that hold a code, of an error or of success.
pub(super) const CODES: [&str; 16] = [
    "code",
    "statusCode",
    "errorCode",
    "errCode",
    "errorNo",
    "errNo",
    "retCode",
    "returnCode",
    "resultCode",
    "responseCode",
    "subCode",
    "faultCode",
    "httpStatus",
    "httpCode",
    "ret",
    "rc",
];
/// Members that hold an error.
pub(super) const ERRORS: [&str; 3] = ["error", "fault", "exception"];
/// Members that tell whether what was asked was done.
pub(super) const FLAGS: [&str; 6] = ["success", "ok", "isSuccess", "successful", "isSuccessful", "succeeded"];
/// Members that tell whether it went wrong.
pub(super) const FAILURE_FLAGS: [&str; 5] = ["failed", "failure", "isError", "hasError", "hasErrors"];
/// Members that say no where nothing else is answered.
pub(super) const REFUSALS: [&str; 2] = ["valid", "isValid"];
/// Members that hold an answer, or a sentence in its place.
pub(super) const IN_PLACE_OF_AN_ANSWER: [&str; 7] =
    ["info", "data", "result", "results", "response", "items", "payload"];
/// Members in which services write what is wrong.
pub(super) const SENTENCES: [&str; 24] = [
    "errorMsg",
    "errorDetails",
    "err",
    "failure",
    "exc",
    "errorText",
    "statusMessage",
    "statusText",
    "why",
    "retMsg",
    "faultString",
    "messages",
    "message",
    "detail",
    "errorMessage",
    "errorDescription",
    "errMsg",
    "msg",
    "reason",
    "errors",
    "note",
    "notice",
    "information",
    "warning",
];
/// Other members of an answer that is about its failure alone, besides codes.
pub(super) const REMARKS: [&str; 25] = [
    "level",
    "severity",
    "kind",
    "@type",
    "text",
    "state",
    "outcome",
    "codes",
    "status",
    "error",
    "success",
    "requestId",
    "traceId",
    "timestamp",
    "path",
    "details",
    "type",
    "title",
    "instance",
    "meta",
    "metadata",
    "count",
    "header",
    "responseStatus",
    "responseHeader",
];
