using System.Runtime.Serialization;

namespace HC.Serverless.Function.Events
{
    /// <summary>What an SMN trigger sends: messages of a topic.</summary>
    [DataContract]
    public class SmnEvent
    {
        [DataMember(Name = "record")]
        public SmnRecord[] Records { get; set; }

        [DataMember(Name = "functionname")]
        public string FunctionName { get; set; }

        [DataMember(Name = "requestId")]
        public string RequestId { get; set; }

        [DataMember(Name = "timestamp")]
        public string Timestamp { get; set; }
    }

    /// <summary>One message and where it came from.</summary>
    [DataContract]
    public class SmnRecord
    {
        [DataMember(Name = "event_version")]
        public string EventVersion { get; set; }

        [DataMember(Name = "smn")]
        public SmnMessage Smn { get; set; }

        [DataMember(Name = "event_subscription_urn")]
        public string EventSubscriptionUrn { get; set; }

        [DataMember(Name = "event_source")]
        public string EventSource { get; set; }
    }

    /// <summary>The message.</summary>
    [DataContract]
    public class SmnMessage
    {
        [DataMember(Name = "topic_urn")]
        public string TopicUrn { get; set; }

        [DataMember(Name = "timestamp")]
        public string Timestamp { get; set; }

        [DataMember(Name = "message_attributes")]
        public object MessageAttributes { get; set; }

        [DataMember(Name = "message")]
        public string Message { get; set; }

        [DataMember(Name = "type")]
        public string Type { get; set; }

        [DataMember(Name = "message_id")]
        public string MessageId { get; set; }

        [DataMember(Name = "subject")]
        public string Subject { get; set; }
    }
}
