using System.Runtime.Serialization;

namespace HC.Serverless.Function.Events
{
    /// <summary>What a CTS trigger sends: one operation that was traced.</summary>
    [DataContract]
    public class CtsEvent
    {
        [DataMember(Name = "cts")]
        public CtsTrace Cts { get; set; }
    }

    /// <summary>The operation.</summary>
    [DataContract]
    public class CtsTrace
    {
        /// <summary>Milliseconds since 1970.</summary>
        [DataMember(Name = "time")]
        public long Time { get; set; }

        [DataMember(Name = "user")]
        public CtsUser User { get; set; }

        [DataMember(Name = "request")]
        public object Request { get; set; }

        [DataMember(Name = "response")]
        public object Response { get; set; }

        [DataMember(Name = "code")]
        public int Code { get; set; }

        [DataMember(Name = "service_type")]
        public string ServiceType { get; set; }

        [DataMember(Name = "resource_type")]
        public string ResourceType { get; set; }

        [DataMember(Name = "resource_name")]
        public string ResourceName { get; set; }

        [DataMember(Name = "resource_id")]
        public string ResourceId { get; set; }

        [DataMember(Name = "source_ip")]
        public string SourceIp { get; set; }

        [DataMember(Name = "trace_name")]
        public string TraceName { get; set; }

        [DataMember(Name = "trace_type")]
        public string TraceType { get; set; }

        [DataMember(Name = "trace_rating")]
        public string TraceRating { get; set; }

        [DataMember(Name = "trace_status")]
        public string TraceStatus { get; set; }

        [DataMember(Name = "api_version")]
        public string ApiVersion { get; set; }

        /// <summary>Milliseconds since 1970.</summary>
        [DataMember(Name = "record_time")]
        public long RecordTime { get; set; }

        [DataMember(Name = "trace_id")]
        public string TraceId { get; set; }

        [DataMember(Name = "project_id")]
        public string ProjectId { get; set; }

        [DataMember(Name = "domain_id")]
        public string DomainId { get; set; }

        [DataMember(Name = "operation_id")]
        public string OperationId { get; set; }

        [DataMember(Name = "read_only")]
        public bool ReadOnly { get; set; }

        [DataMember(Name = "message")]
        public string Message { get; set; }

        [DataMember(Name = "resource_account_id")]
        public string ResourceAccountId { get; set; }
    }

    /// <summary>Who did it.</summary>
    [DataContract]
    public class CtsUser
    {
        [DataMember(Name = "name")]
        public string Name { get; set; }

        [DataMember(Name = "id")]
        public string Id { get; set; }

        [DataMember(Name = "domain")]
        public CtsDomain Domain { get; set; }
    }

    /// <summary>The account of who did it.</summary>
    [DataContract]
    public class CtsDomain
    {
        [DataMember(Name = "name")]
        public string Name { get; set; }

        [DataMember(Name = "id")]
        public string Id { get; set; }
    }
}
