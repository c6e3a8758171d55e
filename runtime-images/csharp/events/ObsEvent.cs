using System.Runtime.Serialization;

namespace HC.Serverless.Function.Events
{
    /// <summary>What an OBS trigger sends: changes of objects.</summary>
    [DataContract]
    public class ObsEvent
    {
        [DataMember(Name = "Records")]
        public ObsRecord[] Records { get; set; }
    }

    /// <summary>One change.</summary>
    [DataContract]
    public class ObsRecord
    {
        [DataMember(Name = "eventVersion")]
        public string EventVersion { get; set; }

        [DataMember(Name = "eventTime")]
        public string EventTime { get; set; }

        [DataMember(Name = "requestParameters")]
        public ObsRequest RequestParameters { get; set; }

        [DataMember(Name = "s3")]
        public ObsPlace S3 { get; set; }

        /// <summary>Region of the bucket.</summary>
        [DataMember(Name = "awsRegion")]
        public string Region { get; set; }

        /// <summary>For example ObjectCreated:Put.</summary>
        [DataMember(Name = "eventName")]
        public string EventName { get; set; }

        [DataMember(Name = "userIdentity")]
        public ObsIdentity UserIdentity { get; set; }
    }

    /// <summary>Where the change came from.</summary>
    [DataContract]
    public class ObsRequest
    {
        [DataMember(Name = "sourceIPAddress")]
        public string SourceIPAddress { get; set; }
    }

    /// <summary>Bucket and object.</summary>
    [DataContract]
    public class ObsPlace
    {
        [DataMember(Name = "configurationId")]
        public string ConfigurationId { get; set; }

        [DataMember(Name = "object")]
        public ObsObject Object { get; set; }

        [DataMember(Name = "bucket")]
        public ObsBucket Bucket { get; set; }
    }

    /// <summary>The object.</summary>
    [DataContract]
    public class ObsObject
    {
        [DataMember(Name = "eTag")]
        public string ETag { get; set; }

        [DataMember(Name = "sequencer")]
        public string Sequencer { get; set; }

        /// <summary>URL-encoded.</summary>
        [DataMember(Name = "key")]
        public string Key { get; set; }

        /// <summary>Bytes.</summary>
        [DataMember(Name = "size")]
        public long Size { get; set; }
    }

    /// <summary>The bucket.</summary>
    [DataContract]
    public class ObsBucket
    {
        [DataMember(Name = "arn")]
        public string Arn { get; set; }

        [DataMember(Name = "name")]
        public string Name { get; set; }

        [DataMember(Name = "ownerIdentity")]
        public ObsIdentity OwnerIdentity { get; set; }
    }

    /// <summary>An account.</summary>
    [DataContract]
    public class ObsIdentity
    {
        [DataMember(Name = "principalId")]
        public string PrincipalId { get; set; }
    }
}
