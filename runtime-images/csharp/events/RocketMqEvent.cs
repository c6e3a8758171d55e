using System.Runtime.Serialization;

namespace HC.Serverless.Function.Events
{
    /// <summary>What a RocketMQ trigger sends: messages of a topic.</summary>
    [DataContract]
    public class RocketMqEvent
    {
        [DataMember(Name = "event_version")]
        public string EventVersion { get; set; }

        /// <summary>Seconds since 1970.</summary>
        [DataMember(Name = "event_time")]
        public long EventTime { get; set; }

        [DataMember(Name = "trigger_type")]
        public string TriggerType { get; set; }

        [DataMember(Name = "region")]
        public string Region { get; set; }

        [DataMember(Name = "instance_id")]
        public string InstanceId { get; set; }

        [DataMember(Name = "records")]
        public RocketMqRecord[] Records { get; set; }
    }

    /// <summary>Messages of one topic.</summary>
    [DataContract]
    public class RocketMqRecord
    {
        [DataMember(Name = "messages")]
        public string[] Messages { get; set; }

        [DataMember(Name = "topic_id")]
        public string TopicId { get; set; }
    }
}
