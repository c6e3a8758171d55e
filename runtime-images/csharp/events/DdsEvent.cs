using System.Runtime.Serialization;

namespace HC.Serverless.Function.Events
{
    /// <summary>What a DDS trigger sends: changes of documents.</summary>
    [DataContract]
    public class DdsEvent
    {
        [DataMember(Name = "records")]
        public DdsRecord[] Records { get; set; }
    }

    /// <summary>One change.</summary>
    [DataContract]
    public class DdsRecord
    {
        [DataMember(Name = "event_source")]
        public string EventSource { get; set; }

        /// <summary>insert, update or delete, for example.</summary>
        [DataMember(Name = "event_name")]
        public string EventName { get; set; }

        [DataMember(Name = "region")]
        public string Region { get; set; }

        [DataMember(Name = "event_version")]
        public string EventVersion { get; set; }

        [DataMember(Name = "dds")]
        public DdsChange Dds { get; set; }

        [DataMember(Name = "event_source_id")]
        public string EventSourceId { get; set; }
    }

    /// <summary>What changed; the values are JSON texts.</summary>
    [DataContract]
    public class DdsChange
    {
        [DataMember(Name = "size_bytes")]
        public string SizeBytes { get; set; }

        [DataMember(Name = "token")]
        public string Token { get; set; }

        [DataMember(Name = "full_document")]
        public string FullDocument { get; set; }

        /// <summary>Database and collection.</summary>
        [DataMember(Name = "ns")]
        public string Namespace { get; set; }
    }
}
