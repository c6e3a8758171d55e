using System.Runtime.Serialization;

namespace HC.Serverless.Function.Events
{
    /// <summary>What a Kafka trigger sends: messages of a topic.</summary>
    [DataContract]
    public class KafkaEvent
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
        public KafkaRecord[] Records { get; set; }
    }

    /// <summary>Messages of one topic.</summary>
    [DataContract]
    public class KafkaRecord
    {
        [DataMember(Name = "messages")]
        public string[] Messages { get; set; }

        [DataMember(Name = "topic_id")]
        public string TopicId { get; set; }
    }
}
